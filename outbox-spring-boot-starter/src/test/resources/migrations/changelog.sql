--liquibase formatted sql

--changeset shop:1
CREATE TABLE purchase (item VARCHAR(100) PRIMARY KEY);
INSERT INTO purchase VALUES ('a');

--changeset shop:2 context:second
INSERT INTO purchase VALUES ('b');
