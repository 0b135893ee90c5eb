"""What each `tradehall` command does: one module a command, `run(arguments) -> exit status`. No law, no SQL of others."""
