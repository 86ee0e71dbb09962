"""Stands in for the ESP32's `esp32`."""

from _nvs import NVS  # noqa: F401
