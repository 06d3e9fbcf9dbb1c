// What the parameter files are made of.

@export()
@description('A connector: what it is set to, and which of its settings are secrets. A secret is never a parameter: it is put into the vault.')
type Connector = {
  @description('Settings that are no secrets, by the name that the connector\'s README gives them.')
  settings: { *: string }

  @description('Settings that are secrets. Each is the vault\'s Connectors--<connector>--<setting>.')
  secrets: string[]
}

@export()
@description('How much the hub may use.')
type Scale = {
  @description('Autoscale maximum, in RU/s, that the containers share which have none of their own. It is billed from a tenth up.')
  @minValue(1000)
  sharedMaxThroughput: int

  @description('Autoscale maximum, in RU/s, of containers that have their own, by name.')
  ownMaxThroughput: { *: int }

  @description('Memory of an instance in MB.')
  instanceMemory: 512 | 2048 | 4096

  @description('Most instances.')
  @minValue(1)
  @maxValue(1000)
  maximumInstances: int

  @description('Spread over availability zones, where the region has them.')
  zoneRedundant: bool

  @description('Days that logs are kept.')
  @minValue(30)
  @maxValue(730)
  logDays: int

  @description('Most gigabytes of logs in a day; what comes later is dropped until the next day.')
  @minValue(1)
  dailyLogGigabytes: int
}
