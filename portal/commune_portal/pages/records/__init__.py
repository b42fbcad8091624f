"""Forms of single records: communes, schools, people, units and whatever else a province keeps."""
