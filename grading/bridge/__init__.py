"""Between the judge and nbgrader: its commands, its gradebook, its feedback pages."""
