"""Facts, reads and findings. Standard library only; imports nothing of ours but itself."""
