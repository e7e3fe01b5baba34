//! SQL text that both databases understand, run beside an app that has the database open.

use std::time::Duration;

use tokio_postgres::NoTls;

/// Runs all of it, or nothing, on the database of this address.
pub(crate) async fn run(database: &str, sql: &str) {
    match database.strip_prefix("sqlite:") {
        Some(file) => {
            let connection = rusqlite::Connection::open(file).unwrap();
            connection.busy_timeout(Duration::from_secs(10)).unwrap();
            connection.execute_batch(&format!("PRAGMA synchronous = OFF; BEGIN IMMEDIATE; {sql}; COMMIT;")).unwrap();
        }
        None => {
            let (client, connection) = tokio_postgres::connect(database, NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&format!("BEGIN; {sql}; COMMIT;")).await.unwrap();
        }
    }
}
