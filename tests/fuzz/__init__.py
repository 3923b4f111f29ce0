"""Strange requests: `asked` makes them up from a seed, `sent` sends them to the application and judges the answers."""
