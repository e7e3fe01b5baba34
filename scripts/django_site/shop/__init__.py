"""The tables of the example shop as Django models, and an admin that has every rule about who may do what."""
