"""The national platform, played by a small program of its own that can misbehave on command."""
