"""What protects an exchange object of ccxt, whichever exchange it is of."""
