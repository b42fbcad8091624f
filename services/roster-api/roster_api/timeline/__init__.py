"""The timeline of a campaign: its steps and who is late, the starting points in communes, and the next wave."""
