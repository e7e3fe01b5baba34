-- Written by scripts/django-matrix.py: the people of django-admin.json, signed in. Run before every model and after every write.
DELETE FROM django_session WHERE session_key IN ('matrix00000000000000000000000002', 'matrix00000000000000000000000003', 'matrix00000000000000000000000004', 'matrix00000000000000000000000005', 'matrix00000000000000000000000006', 'matrix00000000000000000000000007', 'matrix00000000000000000000000008', 'matrix00000000000000000000000009', 'matrix00000000000000000000000010', 'matrix00000000000000000000000011', 'matrix00000000000000000000000012', 'matrix00000000000000000000000013', 'matrix00000000000000000000000014', 'matrix00000000000000000000000015', 'matrix00000000000000000000000016', 'matrix00000000000000000000000017', 'matrix00000000000000000000000018', 'matrix00000000000000000000000019', 'matrix00000000000000000000000020', 'matrix00000000000000000000000021');
INSERT INTO auth_group (id, name) VALUES (900001, 'matrix') ON CONFLICT (id) DO NOTHING;
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900001, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-anonymous', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900002, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-expired', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900003, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, FALSE, TRUE, 'matrix-plain', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000002', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDAzIiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:OHpKAcpDqEOro_lUTFOV76HiHHGHgiUJ3VRcirC8LoY', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900004, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', TRUE, TRUE, FALSE, 'matrix-inactive', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000003', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDA0IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:LV-Bmkzcm8d_PnPGtVBCt8m_UWtk1OtiP20VVQ-f2IE', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900005, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-staff', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000004', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDA1IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:gNQpjs0zpfCM31b24Gh1sFgFAlkQYZVgzchIXypoHM0', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900006, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-elsewhere', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000005', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDA2IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:VwY_f4yXC_4FtvVLaVBI0oN236_s1AgqKEAEMlUL5rU', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900007, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-view', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000006', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDA3IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:ak6LXUgVB-quUEPH35-AC8RU-ie-GbdjKJXisaMGgPk', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900008, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-add', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000007', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDA4IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:hUJmBFYdz5M_PBVGPSR5eeXyDS9u6MAeljY6eGm55Zc', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900009, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-change', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000008', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDA5IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:65F5djKqxMIaxhDmHUxXIL4k0ZSuMR3UU6awT0Vf1Oo', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900010, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-delete', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000009', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDEwIiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:0Hm9jRggZ9nclPYv672-55KYmnOwCZ22ZJkxJmlpFYI', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900011, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-view-add', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000010', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDExIiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:GR1nQCQUmVcz61gXQ0evNLCceBXVle8YunpBygf9CHo', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900012, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-view-change', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000011', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDEyIiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:rkM0dz9jUw8kUkpbMsh1RAgLpYzIMEG0iTMudOs6rGs', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900013, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-view-delete', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000012', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDEzIiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:LmNoOOmX59D-lrS-MQ7FDUEH1LmtQx1Td-I62vpHegM', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900014, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-add-change-delete', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000013', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDE0IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:onZP14ycORHxrC_bFGXuE9spjWdv8ZGy7A-DaEFVO68', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900015, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-group', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000014', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDE1IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:gVMqwt2axY9aaTOLiLskCcLhwxydR1q_HQjB8ZUaS_U', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900016, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-all', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000015', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDE2IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:XHInfvF1pAfa3vEm0Q6fA086fyCT9EE7Vy8dfQAVn8c', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900017, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-all-family-view', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000016', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDE3IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:4A8mD5gFvK85y-AbHTY0LIPQDnin85XcHMLKd8N2-l4', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900018, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-all-family-change', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000017', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDE4IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:oM8uGSUqeJnkybWGwMP3sll8IVkQGBOlh0ryAehLdXA', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900019, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-all-family-delete', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000018', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDE5IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:c7drYvtgHNLr2PWJMvmRS_u0R2rgFQLF7vx0rlCxVPM', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900020, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-all-family', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000019', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDIwIiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:thc50TfsUOW6t-TABtR4I_iDf79ro_egzXkerWBEJog', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900021, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', FALSE, TRUE, TRUE, 'matrix-everything', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000020', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDIxIiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:lJz1fVPe4jan9ZGqa26wbeeTdRzDTOVYDXC2tSB1qdw', '2099-01-01 00:00:00');
INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)
    VALUES (900022, 'pbkdf2_sha256$1000000$matrixmatrixmatrixmatr$lqp7GdAIDKW9wjha8X7mp8lU2YO7zIew16v2A6+Bv6E=', TRUE, TRUE, TRUE, 'matrix-superuser', '', '', '', '2024-01-01 00:00:00')
    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;
INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('matrix00000000000000000000000021', 'eyJfYXV0aF91c2VyX2lkIjoiOTAwMDIyIiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiI2MWEwZTcwOTIzOWJiZDJhZGFlNzg2Yjc2MDc0MTM2MjQ2ZWVlMDI0NWE0MGYwZGQ2MDM4YWYyMTliMGUxOGNiIn0:1r31eq:afSJfFKXdu30UuHvJhw4Q9hBgNmyQf6rRfPDLVgx-Os', '2099-01-01 00:00:00');
INSERT INTO auth_user_groups (user_id, group_id) SELECT 900015, 900001
    WHERE NOT EXISTS (SELECT 1 FROM auth_user_groups WHERE user_id = 900015);
