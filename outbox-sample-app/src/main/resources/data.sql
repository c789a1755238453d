-- Something to begin with. Rows that are there already stay as they are, also when two instances start at once.

INSERT IGNORE INTO customer (id, name, email, balance) VALUES
  (1, 'Ada', 'ada@shop.example', 100000000),
  (2, 'Blaise', 'blaise@shop.example', 100000000),
  (3, 'Carl', 'carl@shop.example', 100000000),
  (4, 'Dorothy', 'dorothy@shop.example', 100000000),
  (5, 'Emmy', 'emmy@shop.example', 100000000),
  (6, 'Felix', 'felix@shop.example', 100000000),
  (7, 'Grace', 'grace@shop.example', 100000000),
  (8, 'Henri', 'henri@shop.example', 100000000),
  (9, 'Ida', 'ida@shop.example', 5000),
  (10, 'John', 'john@shop.example', 0);

INSERT IGNORE INTO product (id, name, price, stock) VALUES
  (1, 'Pencil', 150, 100000),
  (2, 'Notebook', 450, 100000),
  (3, 'Teapot', 2900, 100000),
  (4, 'Lamp', 7500, 1000),
  (5, 'Grand piano', 2500000, 3);

INSERT IGNORE INTO coupon (id, total, issued) VALUES
  (1, 100, 0);
