INSERT INTO purchase VALUES ('b');
