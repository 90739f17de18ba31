"""How a bot that runs already gets the adapter: by name, on an object, or launched."""
