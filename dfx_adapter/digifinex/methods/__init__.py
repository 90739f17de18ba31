"""What the methods of the exchange object do."""
