"""What the reference and every mistake answer to an assignment's probes."""
