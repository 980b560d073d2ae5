"""Many runs on many processors. No other package knows about processes."""
