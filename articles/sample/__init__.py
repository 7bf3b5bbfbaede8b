"""The sample edition: invented outlets and events, served on loopback, so that the whole site lives without the net."""
