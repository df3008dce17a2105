"""What the service answers, one router a file."""
