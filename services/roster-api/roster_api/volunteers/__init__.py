"""Volunteers: lecturers, teachers, students and officials on a school's roster."""
