//! The wire contracts: one folder each, none of which knows another.

#[cfg(feature = "conjure")]
pub mod conjure;
#[cfg(feature = "django-admin")]
pub mod django_admin;
#[cfg(feature = "litestar")]
pub mod litestar;
#[cfg(feature = "packages")]
pub mod packages;
