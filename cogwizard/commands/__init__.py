"""The commands. Each module is imported when its command runs; what it needs, when it needs it."""
