// Run once by the MongoDB image on an empty volume: one user per service, for its database only.
for (const service of ["membership", "programmes", "notifications", "research"]) {
  db.getSiblingDB(service).createUser({
    user: service,
    pwd: process.env[`${service.toUpperCase()}_MONGODB_PASSWORD`],
    roles: [{ role: "readWrite", db: service }],
  });
}
