"""NVS as the ESP32 has it: a key-value store that outlives resets of the simulated board."""

import os

_NOT_FOUND = -0x1102  # ESP_ERR_NVS_NOT_FOUND
_INVALID_LENGTH = -0x110C  # ESP_ERR_NVS_INVALID_LENGTH
_KEY_LETTERS = 15


class NVS:
    """Key-value store of one namespace; changes are kept by commit()."""

    def __init__(self, namespace):
        self._prefix = os.getenv("POSTLAMP_SIM_NVS") + "/" + namespace + "."
        self._changes = {}

    def set_i32(self, key, value):
        self._change(key, b"i" + str(value).encode())

    def get_i32(self, key):
        return int(self._value(key, b"i"))

    def set_blob(self, key, value):
        self._change(key, b"b" + bytes(value))

    def get_blob(self, key, buffer):
        value = self._value(key, b"b")
        if len(value) > len(buffer):
            raise OSError(_INVALID_LENGTH, "ESP_ERR_NVS_INVALID_LENGTH")
        buffer[: len(value)] = value
        return len(value)

    def erase_key(self, key):
        self._stored(key)
        self._change(key, None)

    def commit(self):
        for key, value in self._changes.items():
            path = self._prefix + key
            if value is None:
                os.remove(path)
            else:
                with open(path, "wb") as stream:
                    stream.write(value)
        self._changes = {}

    def _change(self, key, value):
        if len(key) > _KEY_LETTERS:
            raise OSError(-0x1109, "ESP_ERR_NVS_KEY_TOO_LONG")
        self._changes[key] = value

    def _value(self, key, kind):
        value = self._stored(key)
        if value[:1] != kind:
            raise OSError(_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        return value[1:]

    def _stored(self, key):
        value = self._changes.get(key)
        if value is None and key not in self._changes:
            try:
                with open(self._prefix + key, "rb") as stream:
                    value = stream.read()
            except OSError:
                value = None
        if value is None:
            raise OSError(_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        return value
