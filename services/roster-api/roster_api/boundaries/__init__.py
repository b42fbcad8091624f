"""Where communes lie and how far it is to them: boundaries, neighbours, travel that the province has measured."""
