"""Plan versions: who answers for which commune, who goes where, and what each person was told."""
