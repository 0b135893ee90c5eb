"""A registry office as a peer: says what it knows of an organisation, and is slow, down or wrong on command."""
