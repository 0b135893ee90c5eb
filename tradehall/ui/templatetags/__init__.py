"""What templates load as `hall`: formats of values and the inclusion tags of the components."""
