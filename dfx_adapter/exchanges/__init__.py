"""What every exchange object gains, whatever the exchange: steps and who drives them, and waiting.

A method is written once, as a generator of steps; `drivers` has the two short loops that call or
await them.
"""
