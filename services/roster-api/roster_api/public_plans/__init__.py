"""What everybody may read of the plan in force, where the province says so: schools and communes, nobody's name."""
