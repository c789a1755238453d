-- The shop's own tables, for MySQL and for H2 in MySQL mode. The outbox creates its tables itself.
-- There are no foreign keys: they would lock customers and products in an order of their own.

CREATE TABLE IF NOT EXISTS customer (
  id BIGINT PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  email VARCHAR(100) NOT NULL,
  balance BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS product (
  id BIGINT PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  price BIGINT NOT NULL,
  stock INT NOT NULL
);

CREATE TABLE IF NOT EXISTS orders (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  customer_id BIGINT NOT NULL,
  product_id BIGINT NOT NULL,
  quantity INT NOT NULL,
  amount BIGINT NOT NULL,
  status VARCHAR(20) NOT NULL
);

CREATE TABLE IF NOT EXISTS payment (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  order_id BIGINT NOT NULL UNIQUE,
  customer_id BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  status VARCHAR(20) NOT NULL
);

CREATE TABLE IF NOT EXISTS coupon (
  id BIGINT PRIMARY KEY,
  total INT NOT NULL,
  issued INT NOT NULL
);

CREATE TABLE IF NOT EXISTS coupon_issue (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  request_id VARCHAR(36) NOT NULL UNIQUE,
  coupon_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS notification (
  order_id BIGINT PRIMARY KEY
);
