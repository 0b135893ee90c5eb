"""The pages of coming in, proving oneself again, and one's own account."""
