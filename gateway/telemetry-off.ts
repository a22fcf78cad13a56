/**
 * Imported for its effect, before '@apollo/gateway' (modules are evaluated in import order): unless told
 * otherwise, that package calls home and asks a cloud metadata address who it is.
 */
process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
