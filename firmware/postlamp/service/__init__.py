"""What a person at a terminal, or a tool, asks over the serial port."""
