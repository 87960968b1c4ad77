create table orders (number text primary key, cents integer);
