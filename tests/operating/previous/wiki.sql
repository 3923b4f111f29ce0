BEGIN TRANSACTION;
CREATE TABLE account (
	id INTEGER NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	email_key VARCHAR(320) NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT NOT NULL, 
	password_hash TEXT, 
	session_key VARCHAR(64) NOT NULL, 
	created_at BIGINT NOT NULL, 
	last_sign_in_at BIGINT, 
	active BOOLEAN NOT NULL, 
	administrator BOOLEAN NOT NULL, language VARCHAR(20), 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT uq_account_email_key UNIQUE (email_key), 
	CONSTRAINT uq_account_name_key UNIQUE (name_key)
);
INSERT INTO "account" VALUES(1,'ana@example.com','ana@example.com','Ana','ana','$argon2id$v=19$m=65536,t=3,p=4$CZWazL6DFz/q6Ltorty3oA$LL4MfVfA5yChyUke/tc3oEa0q2pvCT9UiS+ALP7U1Ps','a0b615a8f23e88e34161f6cb76cff5c8',1780000100,NULL,1,0,NULL);
INSERT INTO "account" VALUES(2,'bob@example.com','bob@example.com','Bob','bob','$argon2id$v=19$m=65536,t=3,p=4$93dqD2TFSvucM3Jpf2yJ+w$2A4exJAd74Ju37yYvm2WSX7zQsi1AEp4FpMd+Lx5BFE','5237cf42df8d4817bf0bf6e4e14becff',1780000100,NULL,1,0,NULL);
INSERT INTO "account" VALUES(3,'cyd@example.com','cyd@example.com','Cyd','cyd','$argon2id$v=19$m=65536,t=3,p=4$gDv/2zioJuI2QIJjFLE3xA$tPe/cw9MyKpz4BJZJ1MwgWAkWjHSa10WmJj2tYnxFXA','334f16660e9aca5b99c30501c890273f',1780000100,NULL,1,0,NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
CREATE TABLE authorship (
	page_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	revisions INTEGER NOT NULL, 
	CONSTRAINT pk_authorship PRIMARY KEY (page_id, person_id)
);
INSERT INTO "authorship" VALUES(1,1,1,1);
INSERT INTO "authorship" VALUES(2,1,1,1);
INSERT INTO "authorship" VALUES(3,1,1,1);
INSERT INTO "authorship" VALUES(3,2,2,1);
CREATE TABLE changes_of_day (
	day INTEGER NOT NULL, 
	changes INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	CONSTRAINT pk_changes_of_day PRIMARY KEY (day)
);
INSERT INTO "changes_of_day" VALUES(20601,1,1);
INSERT INTO "changes_of_day" VALUES(20603,1,2);
CREATE TABLE draft (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	proposal INTEGER, 
	base VARCHAR(40) NOT NULL, 
	intent VARCHAR(10) NOT NULL, 
	about INTEGER, 
	title TEXT NOT NULL, 
	why TEXT NOT NULL, 
	co_authors TEXT NOT NULL, 
	files TEXT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_draft PRIMARY KEY (id), 
	CONSTRAINT fk_draft_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE TABLE former_name (
	name TEXT NOT NULL, 
	page_id INTEGER NOT NULL, 
	CONSTRAINT pk_former_name PRIMARY KEY (name)
);
CREATE TABLE index_state (
	"key" VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_index_state PRIMARY KEY ("key")
);
INSERT INTO "index_state" VALUES('main','d593b746d6347901f9e0a1ee79e3857ee7b7213f');
INSERT INTO "index_state" VALUES('version','9');
INSERT INTO "index_state" VALUES('generation','7');
CREATE TABLE landed (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	person_id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	title TEXT NOT NULL, 
	proposal INTEGER, 
	endorsements INTEGER DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_landed PRIMARY KEY (seq), 
	CONSTRAINT uq_landed_id UNIQUE (id)
);
INSERT INTO "landed" VALUES(1,'3657a7244d5d20f678bbd7d3f25e22900bbe6856',1,1780000000,'Found these guidelines',NULL,0);
INSERT INTO "landed" VALUES(2,'d593b746d6347901f9e0a1ee79e3857ee7b7213f',2,1780100000,'Say hello',1,2);
CREATE TABLE one_time_link (
	token_hash VARCHAR(64) NOT NULL, 
	purpose VARCHAR(20) NOT NULL, 
	account_id INTEGER, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	used_at BIGINT, 
	CONSTRAINT pk_one_time_link PRIMARY KEY (token_hash), 
	CONSTRAINT fk_one_time_link_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE TABLE page (
	id INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	name TEXT NOT NULL, 
	in_force BOOLEAN NOT NULL, 
	is_page BOOLEAN NOT NULL, 
	blob VARCHAR(40), 
	title TEXT NOT NULL, 
	lead TEXT DEFAULT '' NOT NULL, 
	last_seq INTEGER NOT NULL, 
	revisions INTEGER NOT NULL, 
	provenance TEXT DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_page PRIMARY KEY (id)
);
INSERT INTO "page" VALUES(1,'policy.toml','policy.toml',1,0,'c499a1d854f5ca339b170fe855cbb0749dbf58fb','How we decide','',1,1,'{"authors": [["Concord", "concord@localhost"]], "authors_count": 1, "endorsers": [], "commit": "3657a7244d5d20f678bbd7d3f25e22900bbe6856", "at": 1780000000, "proposal": null}');
INSERT INTO "page" VALUES(2,'travel/visa.md','travel/visa',1,1,'9aba41f219ce88cab578d4aa423306823e761416','Visas','Ask early.',1,1,'{"authors": [["Concord", "concord@localhost"]], "authors_count": 1, "endorsers": [], "commit": "3657a7244d5d20f678bbd7d3f25e22900bbe6856", "at": 1780000000, "proposal": null}');
INSERT INTO "page" VALUES(3,'welcome.md','welcome',1,1,'b9706b92729cd2adad59fe9cc065c06bec1d1f89','Welcome','Hello, and come in.',2,2,'{"authors": [["Ana", "ana@example.com"], ["Concord", "concord@localhost"]], "authors_count": 2, "endorsers": [["Bob", "bob@example.com"], ["Cyd", "cyd@example.com"]], "commit": "d593b746d6347901f9e0a1ee79e3857ee7b7213f", "at": 1780100000, "proposal": 1}');
CREATE TABLE page_alias (
	name TEXT NOT NULL, 
	page_id INTEGER NOT NULL, 
	CONSTRAINT pk_page_alias PRIMARY KEY (name, page_id)
);
CREATE TABLE page_blame (
	path TEXT NOT NULL, 
	"commit" VARCHAR(40) NOT NULL, 
	hunks TEXT NOT NULL, 
	CONSTRAINT pk_page_blame PRIMARY KEY (path, "commit")
);
CREATE TABLE page_growth (
	page_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	told TEXT NOT NULL, 
	CONSTRAINT pk_page_growth PRIMARY KEY (page_id, seq)
);
CREATE TABLE page_link (
	page_id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	CONSTRAINT pk_page_link PRIMARY KEY (page_id, target)
);
CREATE VIRTUAL TABLE page_titles USING fts5(words, tokenize = 'ascii', prefix = '1 2 3 4');
INSERT OR REPLACE INTO "page_titles_config" VALUES('version',4);
INSERT OR REPLACE INTO "page_titles_content" VALUES(2,'visas');
INSERT OR REPLACE INTO "page_titles_content" VALUES(3,'welcome');
INSERT OR REPLACE INTO "page_titles_data" VALUES(1,X'0202');
INSERT OR REPLACE INTO "page_titles_data" VALUES(10,X'000000000102020002010101020101');
INSERT OR REPLACE INTO "page_titles_data" VALUES(137438953473,X'0000005A06307669736173020202010777656C636F6D6503020200023176020202010177030202000332766902020201027765030202000433766973020202010377656C03020200053476697361020202010477656C63030202040A0C0706080709080A');
INSERT OR REPLACE INTO "page_titles_data" VALUES(274877906945,X'00000032083077656C636F6D6503030200023177030302000332776503030200043377656C03030200053477656C63030302040C070809');
INSERT OR REPLACE INTO "page_titles_docsize" VALUES(2,X'01');
INSERT OR REPLACE INTO "page_titles_docsize" VALUES(3,X'01');
INSERT OR REPLACE INTO "page_titles_idx" VALUES(1,X'',2);
INSERT OR REPLACE INTO "page_titles_idx" VALUES(2,X'',2);
CREATE VIRTUAL TABLE page_words USING fts5(title, headings, body, marks, tokenize = 'ascii');
INSERT OR REPLACE INTO "page_words_config" VALUES('version',4);
INSERT OR REPLACE INTO "page_words_content" VALUES(2,'visa','visa travel visa','ask earli','f5570b9a32e36f97e');
INSERT OR REPLACE INTO "page_words_content" VALUES(3,'welcom','welcom welcom','hello and come in','');
INSERT OR REPLACE INTO "page_words_data" VALUES(1,X'0202050601');
INSERT OR REPLACE INTO "page_words_data" VALUES(10,X'000000000102020002010101020101');
INSERT OR REPLACE INTO "page_words_data" VALUES(137438953473,X'00000072043061736B02060102020104636F6D65030601020201056561726C6902060102030102696E0306010203010674726176656C0206010103010476697361020A0201010204010677656C636F6D030A02010102030114EE808066353537306239613332653336663937650206010302040A0B0C090D0D0F');
INSERT OR REPLACE INTO "page_words_data" VALUES(274877906945,X'0000003D0430616E6403060102030104636F6D650307010204010568656C6C6F03060102020102696E0307010205010677656C636F6D030B0201010203040A0B0C09');
INSERT OR REPLACE INTO "page_words_docsize" VALUES(2,X'01030201');
INSERT OR REPLACE INTO "page_words_docsize" VALUES(3,X'01020400');
INSERT OR REPLACE INTO "page_words_idx" VALUES(1,X'',2);
INSERT OR REPLACE INTO "page_words_idx" VALUES(2,X'',2);
CREATE TABLE person (
	id INTEGER NOT NULL, 
	"key" VARCHAR(320) NOT NULL, 
	name TEXT NOT NULL, 
	email TEXT NOT NULL, 
	handle VARCHAR(16) NOT NULL, 
	shown TEXT NOT NULL, 
	same_as VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT uq_person_key UNIQUE ("key"), 
	CONSTRAINT uq_person_handle UNIQUE (handle)
);
INSERT INTO "person" VALUES(1,'concord@localhost','Concord','concord@localhost','5ac2c56462b23c93','Concord','5ac2c56462b23c93');
INSERT INTO "person" VALUES(2,'ana@example.com','Ana','ana@example.com','a17b3bdc532a164d','Ana','a17b3bdc532a164d');
INSERT INTO "person" VALUES(3,'bob@example.com','Bob','bob@example.com','272b51548a7d3d9f','Bob','272b51548a7d3d9f');
INSERT INTO "person" VALUES(4,'cyd@example.com','Cyd','cyd@example.com','059ce0aa5271edef','Cyd','059ce0aa5271edef');
CREATE VIRTUAL TABLE person_titles USING fts5(words, tokenize = 'ascii', prefix = '1 2 3 4');
INSERT OR REPLACE INTO "person_titles_config" VALUES('version',4);
INSERT OR REPLACE INTO "person_titles_content" VALUES(1,'concord');
INSERT OR REPLACE INTO "person_titles_content" VALUES(2,'ana');
INSERT OR REPLACE INTO "person_titles_content" VALUES(3,'bob');
INSERT OR REPLACE INTO "person_titles_content" VALUES(4,'cyd');
INSERT OR REPLACE INTO "person_titles_data" VALUES(1,X'0404');
INSERT OR REPLACE INTO "person_titles_data" VALUES(10,X'000000000104040004010101020101030101040101');
INSERT OR REPLACE INTO "person_titles_data" VALUES(137438953473,X'000000320830636F6E636F726401020200023163010202000332636F010202000433636F6E010202000534636F6E63010202040C070809');
INSERT OR REPLACE INTO "person_titles_data" VALUES(274877906945,X'000000240430616E6102020200023161020202000332616E020202000433616E6102020204080708');
INSERT OR REPLACE INTO "person_titles_data" VALUES(412316860417,X'000000240430626F6203020200023162030202000332626F030202000433626F6203020204080708');
INSERT OR REPLACE INTO "person_titles_data" VALUES(549755813889,X'00000024043063796404020200023163040202000332637904020200043363796404020204080708');
INSERT OR REPLACE INTO "person_titles_docsize" VALUES(1,X'01');
INSERT OR REPLACE INTO "person_titles_docsize" VALUES(2,X'01');
INSERT OR REPLACE INTO "person_titles_docsize" VALUES(3,X'01');
INSERT OR REPLACE INTO "person_titles_docsize" VALUES(4,X'01');
INSERT OR REPLACE INTO "person_titles_idx" VALUES(1,X'',2);
INSERT OR REPLACE INTO "person_titles_idx" VALUES(2,X'',2);
INSERT OR REPLACE INTO "person_titles_idx" VALUES(3,X'',2);
INSERT OR REPLACE INTO "person_titles_idx" VALUES(4,X'',2);
CREATE VIRTUAL TABLE person_words USING fts5(title, headings, body, marks, tokenize = 'ascii');
INSERT OR REPLACE INTO "person_words_config" VALUES('version',4);
INSERT OR REPLACE INTO "person_words_content" VALUES(1,'concord','5ac2c56462b23c93','','');
INSERT OR REPLACE INTO "person_words_content" VALUES(2,'ana','a17b3bdc532a164d','','');
INSERT OR REPLACE INTO "person_words_content" VALUES(3,'bob','272b51548a7d3d9f','','');
INSERT OR REPLACE INTO "person_words_content" VALUES(4,'cyd','059ce0aa5271edef','','');
INSERT OR REPLACE INTO "person_words_data" VALUES(1,X'0404040000');
INSERT OR REPLACE INTO "person_words_data" VALUES(10,X'000000000104040004010101020101030101040101');
INSERT OR REPLACE INTO "person_words_data" VALUES(137438953473,X'0000002711303561633263353634363262323363393301060101020107636F6E636F72640102020417');
INSERT OR REPLACE INTO "person_words_data" VALUES(274877906945,X'00000022113061313762336264633533326131363464020601010202026E610202020417');
INSERT OR REPLACE INTO "person_words_data" VALUES(412316860417,X'0000002311303237326235313534386137643364396603060101020103626F620302020417');
INSERT OR REPLACE INTO "person_words_data" VALUES(549755813889,X'00000023113030353963653061613532373165646566040601010201036379640402020417');
INSERT OR REPLACE INTO "person_words_docsize" VALUES(1,X'01010000');
INSERT OR REPLACE INTO "person_words_docsize" VALUES(2,X'01010000');
INSERT OR REPLACE INTO "person_words_docsize" VALUES(3,X'01010000');
INSERT OR REPLACE INTO "person_words_docsize" VALUES(4,X'01010000');
INSERT OR REPLACE INTO "person_words_idx" VALUES(1,X'',2);
INSERT OR REPLACE INTO "person_words_idx" VALUES(2,X'',2);
INSERT OR REPLACE INTO "person_words_idx" VALUES(3,X'',2);
INSERT OR REPLACE INTO "person_words_idx" VALUES(4,X'',2);
CREATE TABLE proposal (
	n INTEGER NOT NULL, 
	tip VARCHAR(40) NOT NULL, 
	title TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	opened_at BIGINT NOT NULL, 
	last_act_at BIGINT NOT NULL, 
	endorsements INTEGER NOT NULL, 
	needed INTEGER NOT NULL, 
	objections INTEGER NOT NULL, 
	due_at BIGINT, 
	landed_seq INTEGER, 
	CONSTRAINT pk_proposal PRIMARY KEY (n)
);
INSERT INTO "proposal" VALUES(1,'af29ad7dd1c31cd1fc638374f7b6202143113805','Say hello',2,'in force',1780100000,1780100000,2,2,0,NULL,2);
INSERT INTO "proposal" VALUES(2,'9a179f53c1e5dc61755addb6802f45b7fff63799','Ask earlier',3,'open',1780100000,1780100000,0,2,0,1787876000,NULL);
CREATE TABLE proposal_act (
	id VARCHAR(40) NOT NULL, 
	n INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	person_id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_proposal_act PRIMARY KEY (id)
);
INSERT INTO "proposal_act" VALUES('1995217a7ab11843827b5b89916d207b0ebf4644',1,0,'propose',2,1780100000);
INSERT INTO "proposal_act" VALUES('56493f6ab5ae51046826cd5cf6598d6b1ef8d668',1,1,'endorse',3,1780100000);
INSERT INTO "proposal_act" VALUES('af29ad7dd1c31cd1fc638374f7b6202143113805',1,2,'endorse',4,1780100000);
INSERT INTO "proposal_act" VALUES('9a179f53c1e5dc61755addb6802f45b7fff63799',2,0,'propose',3,1780100000);
CREATE TABLE proposal_page (
	n INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	status VARCHAR(1) NOT NULL, 
	"before" VARCHAR(40), 
	"after" VARCHAR(40), 
	CONSTRAINT pk_proposal_page PRIMARY KEY (n, path)
);
INSERT INTO "proposal_page" VALUES(1,'welcome.md','M','5841f94e863bcfd21111224ee4c3d04ce5fe21cf','b9706b92729cd2adad59fe9cc065c06bec1d1f89');
INSERT INTO "proposal_page" VALUES(2,'travel/visa.md','M','9aba41f219ce88cab578d4aa423306823e761416','e5a45c4d4a46ea11d84d1f0c850e67046a3cafeb');
CREATE TABLE proposal_person (
	n INTEGER NOT NULL, 
	"key" VARCHAR(320) NOT NULL, 
	role VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_proposal_person PRIMARY KEY (n, "key")
);
INSERT INTO "proposal_person" VALUES(1,'ana@example.com','author');
INSERT INTO "proposal_person" VALUES(1,'bob@example.com','endorser');
INSERT INTO "proposal_person" VALUES(1,'cyd@example.com','endorser');
INSERT INTO "proposal_person" VALUES(2,'bob@example.com','author');
CREATE TABLE proposal_relation (
	n INTEGER NOT NULL, 
	relation VARCHAR(10) NOT NULL, 
	other INTEGER NOT NULL, 
	CONSTRAINT pk_proposal_relation PRIMARY KEY (n)
);
CREATE VIRTUAL TABLE proposal_titles USING fts5(words, tokenize = 'ascii', prefix = '1 2 3 4');
INSERT OR REPLACE INTO "proposal_titles_config" VALUES('version',4);
INSERT OR REPLACE INTO "proposal_titles_content" VALUES(1,'say hello');
INSERT OR REPLACE INTO "proposal_titles_content" VALUES(2,'ask earlier');
INSERT OR REPLACE INTO "proposal_titles_data" VALUES(1,X'0204');
INSERT OR REPLACE INTO "proposal_titles_data" VALUES(10,X'000000000103030003010101020101030101');
INSERT OR REPLACE INTO "proposal_titles_data" VALUES(137438953473,X'0000004D063068656C6C6F01020301037361790102020002316801020301017301020200033268650102030102736101020200043368656C010203010373617901020200053468656C6C010203040A08070608070908');
INSERT OR REPLACE INTO "proposal_titles_data" VALUES(274877906945,X'0000004D063068656C6C6F01030301037361790103020002316801030301017301030200033268650103030102736101030200043368656C010303010373617901030200053468656C6C010303040A08070608070908');
INSERT OR REPLACE INTO "proposal_titles_data" VALUES(412316860417,X'0000004F043061736B02020201076561726C6965720202030002316102020201016502020300033261730202020102656102020300043361736B02020201036561720202030005346561726C02020304080C070608070908');
INSERT OR REPLACE INTO "proposal_titles_docsize" VALUES(1,X'02');
INSERT OR REPLACE INTO "proposal_titles_docsize" VALUES(2,X'02');
INSERT OR REPLACE INTO "proposal_titles_idx" VALUES(1,X'',2);
INSERT OR REPLACE INTO "proposal_titles_idx" VALUES(2,X'',2);
INSERT OR REPLACE INTO "proposal_titles_idx" VALUES(3,X'',2);
CREATE VIRTUAL TABLE proposal_words USING fts5(title, headings, body, marks, tokenize = 'ascii');
INSERT OR REPLACE INTO "proposal_words_config" VALUES('version',4);
INSERT OR REPLACE INTO "proposal_words_content" VALUES(1,'say hello','1','','sinforce');
INSERT OR REPLACE INTO "proposal_words_content" VALUES(2,'ask earlier','2','','sopen f5570b9a32e36f97e');
INSERT OR REPLACE INTO "proposal_words_data" VALUES(1,X'0204020003');
INSERT OR REPLACE INTO "proposal_words_data" VALUES(10,X'000000000103030003010101020101030101');
INSERT OR REPLACE INTO "proposal_words_data" VALUES(137438953473,X'0000002D0230310106010102010568656C6C6F01020301037361790102020108EE8080736F70656E010601030204080A08');
INSERT OR REPLACE INTO "proposal_words_data" VALUES(274877906945,X'000000380230310107010102010568656C6C6F0103030103736179010302010BEE808073696E666F726365010601030205046F70656E010104080A0812');
INSERT OR REPLACE INTO "proposal_words_data" VALUES(412316860417,X'000000470230320206010102010361736B02020201076561726C6965720202030114EE8080663535373062396133326533366639376502060103030405736F70656E02060103020408080C1B');
INSERT OR REPLACE INTO "proposal_words_docsize" VALUES(1,X'02010001');
INSERT OR REPLACE INTO "proposal_words_docsize" VALUES(2,X'02010002');
INSERT OR REPLACE INTO "proposal_words_idx" VALUES(1,X'',2);
INSERT OR REPLACE INTO "proposal_words_idx" VALUES(2,X'',2);
INSERT OR REPLACE INTO "proposal_words_idx" VALUES(3,X'',2);
CREATE TABLE rendered (
	blob VARCHAR(40) NOT NULL, 
	folder TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	html TEXT NOT NULL, 
	about TEXT NOT NULL, 
	CONSTRAINT pk_rendered PRIMARY KEY (blob, folder, version)
);
CREATE TABLE revision (
	page_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	status VARCHAR(1) NOT NULL, 
	path TEXT NOT NULL, 
	old_path TEXT, 
	blob VARCHAR(40), 
	folder TEXT NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (page_id, seq)
);
INSERT INTO "revision" VALUES(1,1,'A','policy.toml',NULL,'c499a1d854f5ca339b170fe855cbb0749dbf58fb','');
INSERT INTO "revision" VALUES(2,1,'A','travel/visa.md',NULL,'9aba41f219ce88cab578d4aa423306823e761416','travel');
INSERT INTO "revision" VALUES(3,1,'A','welcome.md',NULL,'5841f94e863bcfd21111224ee4c3d04ce5fe21cf','');
INSERT INTO "revision" VALUES(3,2,'M','welcome.md',NULL,'b9706b92729cd2adad59fe9cc065c06bec1d1f89','');
CREATE TABLE revision_size (
	page_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	added INTEGER NOT NULL, 
	removed INTEGER NOT NULL, 
	CONSTRAINT pk_revision_size PRIMARY KEY (page_id, seq)
);
CREATE TABLE sketch (
	account_id INTEGER NOT NULL, 
	place VARCHAR(600) NOT NULL, 
	fields TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_sketch PRIMARY KEY (account_id, place), 
	CONSTRAINT fk_sketch_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE TABLE sought (
	kind VARCHAR(8) NOT NULL, 
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	title TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	language VARCHAR(8) NOT NULL, 
	marks TEXT NOT NULL, 
	headings TEXT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_sought PRIMARY KEY (kind, id)
);
INSERT INTO "sought" VALUES('page',2,'travel/visa','Visas','visas','en','f5570b9a32e36f97e','Visas','Ask early.');
INSERT INTO "sought" VALUES('person',1,'5ac2c56462b23c93','Concord','concord','','','','');
INSERT INTO "sought" VALUES('person',2,'a17b3bdc532a164d','Ana','ana','','','','');
INSERT INTO "sought" VALUES('person',3,'272b51548a7d3d9f','Bob','bob','','','','');
INSERT INTO "sought" VALUES('proposal',1,'1','Say hello','say hello','en','sinforce','','');
INSERT INTO "sought" VALUES('person',4,'059ce0aa5271edef','Cyd','cyd','','','','');
INSERT INTO "sought" VALUES('page',3,'welcome','Welcome','welcome','en','','Welcome','Hello, and come in.');
INSERT INTO "sought" VALUES('proposal',2,'2','Ask earlier','ask earlier','en','sopen f5570b9a32e36f97e','','');
CREATE TABLE sought_word (
	language VARCHAR(8) NOT NULL, 
	word VARCHAR(64) NOT NULL, 
	stem VARCHAR(64) NOT NULL, 
	entries INTEGER NOT NULL, 
	CONSTRAINT pk_sought_word PRIMARY KEY (language, word, stem)
);
INSERT INTO "sought_word" VALUES('','concord','concord',1);
INSERT INTO "sought_word" VALUES('en','ask','ask',2);
INSERT INTO "sought_word" VALUES('en','come','come',1);
INSERT INTO "sought_word" VALUES('en','early','earli',1);
INSERT INTO "sought_word" VALUES('en','in','in',1);
INSERT INTO "sought_word" VALUES('en','travel','travel',1);
INSERT INTO "sought_word" VALUES('en','visa','visa',1);
INSERT INTO "sought_word" VALUES('en','visas','visa',1);
INSERT INTO "sought_word" VALUES('en','welcome','welcom',1);
INSERT INTO "sought_word" VALUES('en','hello','hello',2);
INSERT INTO "sought_word" VALUES('en','say','say',1);
INSERT INTO "sought_word" VALUES('','ana','ana',1);
INSERT INTO "sought_word" VALUES('','bob','bob',1);
INSERT INTO "sought_word" VALUES('','cyd','cyd',1);
INSERT INTO "sought_word" VALUES('en','and','and',1);
INSERT INTO "sought_word" VALUES('en','earlier','earlier',1);
CREATE TABLE suggestion (
	id INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	change VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	email TEXT NOT NULL, 
	note TEXT NOT NULL, 
	path TEXT NOT NULL, 
	text TEXT NOT NULL, 
	fate VARCHAR(10) NOT NULL, 
	answer TEXT NOT NULL, 
	made_at BIGINT NOT NULL, 
	decided_at BIGINT, 
	CONSTRAINT pk_suggestion PRIMARY KEY (id)
);
CREATE TABLE upload (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	place VARCHAR(600) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	blob VARCHAR(40) NOT NULL, 
	size INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	made_at BIGINT NOT NULL, 
	CONSTRAINT pk_upload PRIMARY KEY (id), 
	CONSTRAINT fk_upload_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE TABLE visit (
	account_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	seen VARCHAR(40) NOT NULL, 
	seen_seq INTEGER NOT NULL, 
	seen_at BIGINT NOT NULL, 
	"before" VARCHAR(40), 
	before_at BIGINT, 
	CONSTRAINT pk_visit PRIMARY KEY (account_id, name), 
	CONSTRAINT fk_visit_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE TABLE wrote (
	person_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	CONSTRAINT pk_wrote PRIMARY KEY (person_id, seq)
);
INSERT INTO "wrote" VALUES(1,1);
INSERT INTO "wrote" VALUES(2,2);
CREATE INDEX ix_account_last_sign_in_at ON account (last_sign_in_at);
CREATE INDEX ix_page_name ON page (name);
CREATE INDEX ix_page_path ON page (path);
CREATE UNIQUE INDEX ix_page_path_in_force ON page (path) WHERE in_force = 1;
CREATE INDEX ix_proposal_due ON proposal (due_at);
CREATE INDEX ix_proposal_state ON proposal (state, last_act_at);
CREATE INDEX ix_proposal_tip ON proposal (tip);
CREATE INDEX ix_proposal_person_key ON proposal_person ("key", n);
CREATE INDEX ix_draft_account ON draft (account_id, updated_at);
CREATE INDEX ix_suggestion_n ON suggestion (n, fate);
CREATE INDEX ix_proposal_page_path ON proposal_page (path, n);
CREATE INDEX ix_proposal_relation_other ON proposal_relation (other);
CREATE INDEX ix_proposal_waiting ON proposal (state, (needed - endorsements), last_act_at, n);
CREATE INDEX ix_person_same_as ON person (same_as);
CREATE INDEX ix_proposal_act_n ON proposal_act (n, place);
CREATE INDEX ix_proposal_act_person ON proposal_act (person_id, kind, at);
CREATE INDEX ix_landed_proposal ON landed (proposal);
CREATE INDEX ix_former_name_page ON former_name (page_id);
CREATE INDEX ix_sought_key ON sought (kind, "key", id);
CREATE INDEX ix_sought_word_word ON sought_word (word);
CREATE INDEX ix_sought_word_stem ON sought_word (stem);
CREATE INDEX ix_upload_place ON upload (account_id, place);
CREATE INDEX ix_upload_blob ON upload (account_id, blob);
CREATE INDEX ix_revision_status ON revision (status, seq);
CREATE INDEX ix_revision_seq ON revision (seq);
CREATE INDEX ix_revision_folder ON revision (folder, seq);
CREATE INDEX ix_page_link_target ON page_link (target);
COMMIT;
