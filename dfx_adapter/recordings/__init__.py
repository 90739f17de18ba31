"""What exchanges really answered: written down as it happens, read and answered from later."""
