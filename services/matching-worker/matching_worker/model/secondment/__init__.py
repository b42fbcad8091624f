"""Stage C, secondment: surplus staff to empty posts, moves inside the province first. Exact, by weighted matching."""
