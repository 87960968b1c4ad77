"""The map: how decisions hang together, what they govern, and what is waived until when."""
