"""The simulator: the firmware on a real MicroPython process, its wires decoded on the host."""
