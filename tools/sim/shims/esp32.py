"""Stands in for the ESP32's `esp32`."""

from _memory import HEAP_DATA, HEAP_EXEC, idf_heap_info  # noqa: F401
from _nvs import NVS  # noqa: F401
