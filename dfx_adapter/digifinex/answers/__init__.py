"""From the bytes of an answer to orders: no I/O, no clock, no ccxt."""
