"""How an instance lives on one machine: its PostgreSQL, its processes, its doctor. Knows nothing about trades."""
