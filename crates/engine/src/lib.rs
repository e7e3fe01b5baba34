//! factotum-engine: what an admin can be asked, decided once for every door. It knows no HTTP.
