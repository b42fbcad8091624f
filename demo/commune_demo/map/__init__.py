"""Draws which school answers for which commune, as one SVG for page, print and picture."""

from commune_demo.map.drawing import MapCommune, MapSchool, draw_map, render_png

__all__ = ["MapCommune", "MapSchool", "draw_map", "render_png"]
