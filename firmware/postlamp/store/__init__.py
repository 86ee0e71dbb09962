"""What is kept on flash: the configuration file. Imports only errors."""
