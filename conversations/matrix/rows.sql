-- The rows that the cases of django-admin.json name. Run before the cases of every model and after every successful write.
DELETE FROM shop_orderline WHERE id >= 900000 OR order_id LIKE 'MAT-%' OR product_id >= 900000;
DELETE FROM shop_productimage WHERE id >= 900000 OR product_id >= 900000 OR url = 'https://example.com/9';
DELETE FROM shop_product WHERE id >= 900000 OR sku LIKE 'MAT-%' OR sku LIKE 'CLN-%';
DELETE FROM shop_order WHERE number LIKE 'MAT-%';
DELETE FROM shop_customer WHERE id >= 900000 OR email LIKE 'matrix-%';
DELETE FROM shop_category WHERE id >= 900000 OR slug LIKE 'matrix-%';
DELETE FROM shop_supplier WHERE name LIKE 'matrix%';
DELETE FROM shop_tag WHERE id >= 900000 OR name LIKE 'matrix%';
DELETE FROM shop_setting WHERE key LIKE 'matrix%';
DELETE FROM shop_activitylog WHERE id >= 900000;
DELETE FROM django_admin_log WHERE user_id >= 900000;
DELETE FROM auth_user WHERE id = 900100 OR username = 'matrix-new';

INSERT INTO shop_tag (id, name) VALUES (900001, 'matrix');
INSERT INTO shop_setting (key, value) VALUES ('matrix key', '{"a": 1}');
INSERT INTO shop_activitylog (id, message, level, created_at) VALUES (900001, 'matrix', 'info', '2024-01-01 00:00:00');
INSERT INTO shop_supplier (id, name, email, website, active, joined, address, notes)
    VALUES ('90000000000040008000000000000001', 'matrix', 'm@example.com', '', TRUE, '2024-01-01', '{"city": "M"}', '');
INSERT INTO shop_category (id, name, slug, position, parent_id) VALUES
    (900001, 'matrix', 'matrix-1', 0, NULL), (900002, 'matrix', 'matrix-2', 0, NULL), (900003, 'matrix', 'matrix-3', 0, 900001);
INSERT INTO shop_product (id, name, sku, price, stock, status, is_featured, attributes, description, manual, created_at, updated_at, category_id) VALUES
    (900001, 'matrix 1', 'MAT-9001', 1, 0, 'draft', FALSE, '{"a": 1}', '', '', '2024-01-01 00:00:00', '2024-01-01 00:00:00', 900002),
    (900002, 'matrix 2', 'MAT-9002', 1, 0, 'draft', FALSE, '{"a": 1}', '', '', '2024-01-01 00:00:00', '2024-01-01 00:00:00', 900002);
INSERT INTO shop_productimage (id, url, caption, position, product_id) VALUES (900001, 'https://example.com/1', '', 0, 900001);
INSERT INTO shop_customer (id, email, first_name, last_name, tier, is_active, api_token, created_at) VALUES
    (900001, 'matrix-1@example.com', 'M', 'One', 1, TRUE, '', '2024-01-01 00:00:00'),
    (900002, 'matrix-2@example.com', 'M', 'Two', 1, FALSE, '', '2024-01-01 00:00:00'),
    (900003, 'matrix-3@example.com', 'M', 'Three', 1, TRUE, '', '2024-01-01 00:00:00'),
    (900004, 'matrix-4@example.com', 'M', 'Four', 1, TRUE, '', '2024-01-01 00:00:00');
INSERT INTO shop_order (number, status, placed_at, total, note, customer_id) VALUES
    ('MAT-1', 'new', '2024-01-01 00:00:00', 1, '', 900003),
    ('MAT-2', 'new', '2024-01-01 00:00:00', 1, '', 900003),
    ('MAT-3', 'shipped', '2024-01-01 00:00:00', 1, '', 900004);
INSERT INTO shop_orderline (id, quantity, unit_price, order_id, product_id) VALUES (900001, 1, 1, 'MAT-1', 900002);
INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
    VALUES (900100, '!', FALSE, 'matrix-target', '', '', '', FALSE, TRUE, '2024-01-01 00:00:00');
