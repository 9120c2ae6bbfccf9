"""Many models and prompt sets on this machine, on Ray and on SLURM: cells that start, ask, score and stop."""
