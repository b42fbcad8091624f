"""Training and qualifications: courses, who attends, who still lacks what, and who fits the post they hold."""
