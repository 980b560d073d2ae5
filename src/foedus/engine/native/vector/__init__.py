"""Many runs side by side in the lanes of wide vectors; `kernel` is the algorithm, read it first."""
