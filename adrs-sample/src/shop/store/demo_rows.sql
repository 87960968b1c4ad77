insert into products (sku) values ('TM-001'), ('TM-002');
